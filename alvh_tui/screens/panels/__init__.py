"""What each panel shows: functions from what is known to rows."""
