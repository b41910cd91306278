def my_initiatives(actor):
    return None


def secretariat(actor):
    return None


def next_meeting(actor):
    return None


def settings_links(actor):
    return []
