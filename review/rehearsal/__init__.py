"""A dry run of a whole event: made-up people against a real server, and a count of every mark.

The players know the server by its addresses alone, as a browser does; the bookkeeping knows what
was acknowledged from the answers alone, and looks into the database only when all is over.
"""
