"""The printing room: a document ready for the press → PDF. The only home of weasyprint."""
