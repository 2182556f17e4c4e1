"""Pages of the front door and of the authors' door, one function a URL."""
