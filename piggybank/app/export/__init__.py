"""A run as tables, as a workbook with live formulas, or as one page that needs no other program than a browser."""
