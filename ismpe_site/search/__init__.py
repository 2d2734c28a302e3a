"""The search room: what can be found → the files a browser searches in. The only home of pagefind."""
