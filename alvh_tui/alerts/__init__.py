"""What is told, to whom and when: transitions that matter, once each."""
