"""What a preparation is made from: drug, lots, ingredients, published formulas."""
