"""What is known about one person on one day: fields, medicines as listed, answers with their days."""
