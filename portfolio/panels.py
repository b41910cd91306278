def portfolio(actor):
    return None
