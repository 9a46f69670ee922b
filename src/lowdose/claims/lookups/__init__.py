"""The tests a criterion may name: each looks one number or word up, and says how it is known."""
