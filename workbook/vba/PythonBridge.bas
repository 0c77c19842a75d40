Attribute VB_Name = "PythonBridge"
Option Explicit

' How a function in a cell reaches Python: through the server of the xlwings add-in, bound at run
' time by its bare name. Only values travel, no ranges, so that thousands of cells stay quick.

Private Const FUNCTIONS As String = "udfs.functions"
Private Const ADD_IN_SERVER As String = "XLPy"
Private Const SECONDS_OF_PEACE As Long = 60

Private server As Object
Private tables As Long
Private tablesRead As Long
Private failedAt As Date

' The next call of a function reads the tables of this workbook anew.
Public Sub TablesChanged()
    tables = tables + 1
End Sub

' Looks for Python again, also after it was missing, and reads the tables. Recalculate does so
' before Excel calculates: in the midst of it cells that aren't calculated yet read as blank.
Public Sub ReadTablesAnew()
    On Error GoTo Failed
    Set server = Nothing
    failedAt = 0
    TablesChanged
    Connect
    Exit Sub
Failed:
    failedAt = Now
End Sub

' What the Python function NAME answers; a sentence where Python can't be reached.
Public Function Ask(ByVal name As String, ByVal arguments As Variant) As Variant
    Dim wasConnected As Boolean
    If IsMissed() Then
        Ask = Said("vba_no_python")
        Exit Function
    End If
    wasConnected = Not server Is Nothing
    On Error GoTo Failed
    Ask = Answer(name, arguments)
    Exit Function
Failed:
    If wasConnected Then Resume Reconnect
    failedAt = Now
    Ask = Said("vba_no_python")
    Exit Function
Reconnect:
    ' The server that was there may have been restarted since.
    Set server = Nothing
    wasConnected = False
    On Error GoTo Failed
    Ask = Answer(name, arguments)
End Function

' Thousands of cells must not wait, each in turn, for a Python that isn't there.
Private Function IsMissed() As Boolean
    If failedAt <> 0 Then IsMissed = DateDiff("s", failedAt, Now) < SECONDS_OF_PEACE
End Function

Private Function Answer(ByVal name As String, ByVal arguments As Variant) As Variant
    If tablesRead <> tables Or server Is Nothing Then
        If InWizard() Then Exit Function
        Connect
    End If
    Answer = server.CallUDF(FUNCTIONS, name, arguments)
End Function

' Starts Python where it doesn't run yet, and lets it read the tables where they have changed.
Private Sub Connect()
    ' An error inside the add-in may end all that runs: then this has been noted already.
    failedAt = Now
    If server Is Nothing Then
        Set server = Application.Run(ADD_IN_SERVER)
        TablesChanged
    End If
    If tablesRead <> tables Then
        server.CallUDF FUNCTIONS, "renew", Array(ThisWorkbook.FullName), ThisWorkbook
        tablesRead = tables
    End If
    failedAt = 0
End Sub

' Whether the function wizard is open: Excel lets nobody read cells then.
Private Function InWizard() As Boolean
    On Error Resume Next
    InWizard = Not Application.CommandBars("Standard").Controls(1).Enabled
End Function

' The values of an argument; nothing where it was left out.
Public Function Given(Optional ByVal argument As Variant) As Variant
    If IsMissing(argument) Then
        Given = Empty
    ElseIf TypeName(argument) = "Range" Then
        Given = ValuesOf(argument)
    Else
        Given = argument
    End If
End Function

' Of whole columns only the rows down to the last one in use.
Private Function ValuesOf(ByVal cells As Object) As Variant
    Dim used As Object
    Dim asked As Object
    Set asked = cells
    If cells.Rows.Count = cells.Worksheet.Rows.Count Then
        Set used = cells.Worksheet.UsedRange
        Set asked = cells.Resize(used.Row + used.Rows.Count - 1)
    End If
    ' A date beyond the calendar can't be handed over as a date.
    On Error GoTo AsNumbers
    ValuesOf = asked.Value
    Exit Function
AsNumbers:
    ValuesOf = asked.Value2
End Function

' Where a function without an argument stands, as sheet!row; nothing where it has an argument.
Public Function Here(Optional ByVal argument As Variant) As Variant
    Here = Empty
    If IsMissing(argument) Then
        If TypeName(Application.Caller) = "Range" Then
            Here = Application.Caller.Worksheet.Name & "!" & Application.Caller.Row
        End If
    End If
End Function
