"""PDF files for archives and for everybody: PDF/A-2a and PDF/UA-1, made by typst."""

from core.pdf.rendering import PdfError, Sheet, render

__all__ = ["PdfError", "Sheet", "render"]
