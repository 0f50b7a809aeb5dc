"""What goes wrong inside a record, on its way to becoming a Problem.

Raised and caught inside this package only: outside it, bad data is a value.
"""

FieldPath = tuple[str | int, ...]


class TextFault(Exception):
    """The text cannot be read; the place is known. Lines and columns count from 1."""

    def __init__(self, code: str, detail: str, line: int = 1, column: int = 1) -> None:
        super().__init__(detail)
        self.code, self.detail, self.line, self.column = code, detail, line, column


class FieldFault(Exception):
    """A field has the wrong shape; the place is looked up from `path`, only now that it is needed."""

    def __init__(self, code: str, detail: str, path: FieldPath = ()) -> None:
        super().__init__(detail)
        self.code, self.detail, self.path = code, detail, path
