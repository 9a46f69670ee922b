"""From a comparison in the data to a pooled answer: effect sizes, rules, pools, and the pools computed before."""
