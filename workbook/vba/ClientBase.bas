Attribute VB_Name = "ClientBase"
Option Explicit

' The Recalculate button. All decisions are made by Python; here is only the call, bound at run
' time by its bare name: without the xlwings add-in this project still compiles, and she reads one
' sentence that says what to run.

Private Const ADD_IN_MACRO As String = "RunPython"

' Finds out first whether the program is there, so that a wrong set-up ends in a sentence of ours.
Private Const RUN_BUTTON As String = _
    "import importlib.util as u; u.find_spec('batch') and " & _
    "__import__('batch.live.clicked', fromlist=['clicked']).recalculate()"

Private resultIsShown As Boolean

Public Sub Recalculate()
    Dim working As String
    working = Said("vba_working")
    ThisWorkbook.Activate
    On Error GoTo Failed
    Application.StatusBar = working
    Application.Run ADD_IN_MACRO, RUN_BUTTON
    resultIsShown = True
#If Not Mac Then
    ' Python has replaced the text by its result; on macOS it still works when RunPython returns.
    If CStr(Application.StatusBar) = working Then
        TellOf "vba_no_answer"
    Else
        ReadTablesAnew
        Application.CalculateFull
    End If
#End If
    Exit Sub
Failed:
    If Err.Number = 1004 Then
        TellOf "vba_no_addin"
    Else
        TellOf "vba_no_answer"
    End If
End Sub

' After an edit the functions read the tables anew, and the last result leaves the status bar.
Public Sub NoteChange()
    TablesChanged
    If resultIsShown Then
        Application.StatusBar = False
        resultIsShown = False
    End If
End Sub

' A sentence of the language of this workbook, from its hidden sheet.
Public Function Said(ByVal key As String) As String
    Dim row As Long
    row = 1
    Do While TextsSheet.Cells(row, 1).Value <> ""
        If TextsSheet.Cells(row, 1).Value = key Then
            Said = CStr(TextsSheet.Cells(row, 2).Value)
            Exit Function
        End If
        row = row + 1
    Loop
    Said = key
End Function

Private Sub TellOf(ByVal key As String)
    Application.StatusBar = False
    MsgBox Said(key), vbExclamation, Said("vba_category")
End Sub
