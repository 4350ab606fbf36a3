"""One module for each outlet of the demonstration web: its addresses, its pages, what is true of them."""
