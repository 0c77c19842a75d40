"""The door into Excel: the open workbook read, calculated and filled."""
