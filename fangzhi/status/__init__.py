"""Tell what happened, per outlet: for people, for programs, for an alarm."""
