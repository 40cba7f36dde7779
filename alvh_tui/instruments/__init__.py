"""What is traded: roots, contracts and their symbols, sessions, settlements and expiry calendars."""
