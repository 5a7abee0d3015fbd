"""What an object is: types, metadata, labels, selectors, fields, patches, defaults and rules, kind by kind."""
