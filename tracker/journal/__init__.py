"""The journal: the append-only record of every act, in a form that outsiders can verify."""
