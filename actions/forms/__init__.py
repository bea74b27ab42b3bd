"""The forms by which people submit an event or a message of healing, one question at a time.

A form is a list of fields (event_fields, message_fields). A field reads what was typed or tapped
into an answer; the draft keeps the answers from turn to turn; the dialogue of a form (dialogue.py)
asks, notes and goes on. What a typed text means while a form is open is told in reading.py.
"""
