"""What a course is: models, YAML with positions, problems in two languages, cross references."""
