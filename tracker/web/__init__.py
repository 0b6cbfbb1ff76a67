"""The server: pages, forms and the JSON API of a tracker, over the same application functions as the command
line. An extra (``web``): nothing else imports this room, and it knows neither SQL nor HTML."""
