"""Pages: read models as HTML, for the report that is a folder of files and for the desk that is served."""
