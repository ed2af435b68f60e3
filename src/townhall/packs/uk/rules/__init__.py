"""UK law as pure Python: values in, values out. Rates are arguments, dated in ``parameters/``."""
