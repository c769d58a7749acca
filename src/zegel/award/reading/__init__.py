"""Award files of every kind, as lines of text: CSV, spreadsheets, JSON lines.

Each module has one function `rows(path, content)`, which gives the header first and then the rows
that are not empty, each with its line. A cell that holds no text that anyone could read on is a
`WrongValue`.
"""
