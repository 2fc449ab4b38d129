"""What is seen: the window, its pages, and the parts that all pages share."""
