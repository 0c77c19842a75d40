Attribute VB_Name = "Functions"
Option Explicit

' Written by python -m workbook.build from udfs/functions.py; changes here are lost.

Public Function CLIENT_GROUP(Optional ByVal client As Variant) As Variant
    CLIENT_GROUP = Ask("CLIENT_GROUP", Array(Given(client), Here(client), ThisWorkbook.FullName))
End Function

Public Function CLIENT_STAGE(Optional ByVal client As Variant) As Variant
    CLIENT_STAGE = Ask("CLIENT_STAGE", Array(Given(client), Here(client), ThisWorkbook.FullName))
End Function

Public Function CLIENT_FOLDER(Optional ByVal client As Variant) As Variant
    CLIENT_FOLDER = Ask("CLIENT_FOLDER", Array(Given(client), Here(client), ThisWorkbook.FullName))
End Function

Public Function CLIENT_TURNOVER(Optional ByVal client As Variant) As Variant
    CLIENT_TURNOVER = Ask("CLIENT_TURNOVER", Array(Given(client), Here(client), ThisWorkbook.FullName))
End Function

Public Function NEXT_CONTACT(Optional ByVal client As Variant) As Variant
    NEXT_CONTACT = Ask("NEXT_CONTACT", Array(Given(client), Here(client), ThisWorkbook.FullName))
End Function

Public Function CONTACT_REASON(Optional ByVal client As Variant) As Variant
    CONTACT_REASON = Ask("CONTACT_REASON", Array(Given(client), Here(client), ThisWorkbook.FullName))
End Function

Public Function GIFT(Optional ByVal client As Variant) As Variant
    GIFT = Ask("GIFT", Array(Given(client), Here(client), ThisWorkbook.FullName))
End Function

Public Function GIFT_BUDGET(Optional ByVal client As Variant) As Variant
    GIFT_BUDGET = Ask("GIFT_BUDGET", Array(Given(client), Here(client), ThisWorkbook.FullName))
End Function

Public Function CLIENT_WHY(Optional ByVal client As Variant) As Variant
    CLIENT_WHY = Ask("CLIENT_WHY", Array(Given(client), Here(client), ThisWorkbook.FullName))
End Function

Public Function CLIENT_CLASS(Optional ByVal client As Variant) As Variant
    CLIENT_CLASS = Ask("CLIENT_CLASS", Array(Given(client), Here(client), ThisWorkbook.FullName))
End Function

Public Function ABC(ByVal amounts As Variant) As Variant
    ABC = Ask("ABC", Array(Given(amounts), ThisWorkbook.FullName))
End Function

Public Function XYZ(ByVal months As Variant) As Variant
    XYZ = Ask("XYZ", Array(Given(months), ThisWorkbook.FullName))
End Function

Public Function CLIENT_VALUE(ByVal whom As Variant, ByVal column As Variant) As Variant
    CLIENT_VALUE = Ask("CLIENT_VALUE", Array(Given(whom), Given(column), ThisWorkbook.FullName))
End Function

' The help of the functions, in the language of the workbook.
Public Sub DescribeFunctions()
    Dim wasSaved As Boolean
    wasSaved = ThisWorkbook.Saved
    On Error Resume Next
    Application.MacroOptions _
        Macro:="'" & ThisWorkbook.Name & "'!CLIENT_GROUP", _
        Description:=Said("vba_client_group"), _
        Category:=Said("vba_category"), _
        ArgumentDescriptions:=Array(Said("vba_argument_client"))
    Application.MacroOptions _
        Macro:="'" & ThisWorkbook.Name & "'!CLIENT_STAGE", _
        Description:=Said("vba_client_stage"), _
        Category:=Said("vba_category"), _
        ArgumentDescriptions:=Array(Said("vba_argument_client"))
    Application.MacroOptions _
        Macro:="'" & ThisWorkbook.Name & "'!CLIENT_FOLDER", _
        Description:=Said("vba_client_folder"), _
        Category:=Said("vba_category"), _
        ArgumentDescriptions:=Array(Said("vba_argument_client"))
    Application.MacroOptions _
        Macro:="'" & ThisWorkbook.Name & "'!CLIENT_TURNOVER", _
        Description:=Said("vba_client_turnover"), _
        Category:=Said("vba_category"), _
        ArgumentDescriptions:=Array(Said("vba_argument_client"))
    Application.MacroOptions _
        Macro:="'" & ThisWorkbook.Name & "'!NEXT_CONTACT", _
        Description:=Said("vba_next_contact"), _
        Category:=Said("vba_category"), _
        ArgumentDescriptions:=Array(Said("vba_argument_client"))
    Application.MacroOptions _
        Macro:="'" & ThisWorkbook.Name & "'!CONTACT_REASON", _
        Description:=Said("vba_contact_reason"), _
        Category:=Said("vba_category"), _
        ArgumentDescriptions:=Array(Said("vba_argument_client"))
    Application.MacroOptions _
        Macro:="'" & ThisWorkbook.Name & "'!GIFT", _
        Description:=Said("vba_gift"), _
        Category:=Said("vba_category"), _
        ArgumentDescriptions:=Array(Said("vba_argument_client"))
    Application.MacroOptions _
        Macro:="'" & ThisWorkbook.Name & "'!GIFT_BUDGET", _
        Description:=Said("vba_gift_budget"), _
        Category:=Said("vba_category"), _
        ArgumentDescriptions:=Array(Said("vba_argument_client"))
    Application.MacroOptions _
        Macro:="'" & ThisWorkbook.Name & "'!CLIENT_WHY", _
        Description:=Said("vba_client_why"), _
        Category:=Said("vba_category"), _
        ArgumentDescriptions:=Array(Said("vba_argument_client"))
    Application.MacroOptions _
        Macro:="'" & ThisWorkbook.Name & "'!CLIENT_CLASS", _
        Description:=Said("vba_client_class"), _
        Category:=Said("vba_category"), _
        ArgumentDescriptions:=Array(Said("vba_argument_client"))
    Application.MacroOptions _
        Macro:="'" & ThisWorkbook.Name & "'!ABC", _
        Description:=Said("vba_abc"), _
        Category:=Said("vba_category"), _
        ArgumentDescriptions:=Array(Said("vba_argument_amounts"))
    Application.MacroOptions _
        Macro:="'" & ThisWorkbook.Name & "'!XYZ", _
        Description:=Said("vba_xyz"), _
        Category:=Said("vba_category"), _
        ArgumentDescriptions:=Array(Said("vba_argument_months"))
    Application.MacroOptions _
        Macro:="'" & ThisWorkbook.Name & "'!CLIENT_VALUE", _
        Description:=Said("vba_client_value"), _
        Category:=Said("vba_category"), _
        ArgumentDescriptions:=Array(Said("vba_argument_whom"), Said("vba_argument_column"))
    ThisWorkbook.Saved = wasSaved
End Sub
