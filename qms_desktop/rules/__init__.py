"""What several steps share: approval, deadlines, signatures, search, quantities, scans."""
