// A change by hand.
