// somebody's work
