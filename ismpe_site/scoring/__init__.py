"""The scoring room: (Edition, Assessment) → Score; (Catalogue, day) → Register; both as plain data."""
