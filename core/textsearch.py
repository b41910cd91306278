from django.contrib.postgres.search import SearchQuery
def search_query(text):
    return SearchQuery(text.replace("\x00", " "), search_type="websearch", config="norwegian")
