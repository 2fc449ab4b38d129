"""What is stored: tables, guards, rights, audit; nothing here decides what the trade allows."""
