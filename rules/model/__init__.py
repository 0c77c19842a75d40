"""What a client base is made of: tables, columns, sheets, contact rules, rooms. No business."""
