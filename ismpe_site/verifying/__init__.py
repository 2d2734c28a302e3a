"""Verifying: is this file one that was issued, and how does it stand?"""
