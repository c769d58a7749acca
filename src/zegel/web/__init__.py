"""What our HTTP services have in common: errors as answers, bodies of bounded size."""
