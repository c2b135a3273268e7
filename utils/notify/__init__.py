"""Messages to a person: how a sweep ended, that it stalled, that it died.

What sends is apprise, so a target is a URL of its: Telegram, e-mail, Slack, a program of one's own and a
hundred more. A URL holds the target's password, so it comes from the environment or from a file outside the
workspace, and is never shown.
"""
