"""Know a file to download by the ending of its URL's path.

Pictures are not attachments: they are shown through Media RSS, and an image enclosure makes readers link the headline
to the JPEG.
"""

from urllib.parse import urlsplit

_TYPES = {
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "oga": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "flac": "audio/flac",
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "webm": "video/webm",
    "mov": "video/quicktime",
    "pdf": "application/pdf",
    "epub": "application/epub+zip",
    "zip": "application/zip",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def type_of(url: str) -> str:
    """Return the media type of the file that `url` names by its ending, or "" for a page."""
    if url[-5:].rfind(".") < 0 and "?" not in url and "#" not in url:
        return ""
    ending = urlsplit(url).path.rpartition(".")[2].lower()
    return _TYPES.get(ending, "")
