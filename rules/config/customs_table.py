"""The customs of each country, from Unicode's CLDR: written by `python -m words.countries`."""

TABLE = """\
AD|,|dd/mm/yyyy|5 6|€ EUR euro euros евро
AE|.|dd/mm/yyyy|5 6|د.إ. AED
AF|.|yyyy/mm/dd|3 4|؋ AFN
AG|.|dd/mm/yyyy|5 6|$ EC$ XCD
AI|.|dd/mm/yyyy|5 6|$ EC$ XCD
AL|,|dd.mm.yyyy|5 6|Lekë ALL
AM|,|dd.mm.yyyy|5 6|֏ AMD драм
AO|,|dd/mm/yyyy|5 6|Kz AOA
AR|,|dd/mm/yyyy|5 6|$ ARS
AS|.|mm/dd/yyyy|5 6|$ USD US$ dollar dollars долл долл. доллар доллара долларов
AT|,|dd.mm.yyyy|5 6|€ EUR euro euros евро
AU|.|dd/mm/yyyy|5 6|$ A$ AUD
AW|,|dd-mm-yyyy|5 6|Afl. AWG
AX|,|dd.mm.yyyy|5 6|€ EUR euro euros евро
AZ|,|dd.mm.yyyy|5 6|₼ AZN манат манатов
BA|,|dd.mm.yyyy|5 6|KM BAM
BB|.|dd/mm/yyyy|5 6|$ BBD
BD|.|dd/mm/yyyy|5 6|৳ BDT
BE|,|dd/mm/yyyy|5 6|€ EUR euro euros евро
BF|,|dd/mm/yyyy|5 6|F CFA XOF
BG|,|dd.mm.yyyy|5 6|€ EUR euro euros евро
BH|.|dd/mm/yyyy|4 5|د.ب. BHD
BI|,|dd/mm/yyyy|5 6|FBu BIF
BJ|,|dd/mm/yyyy|5 6|F CFA XOF
BL|,|dd/mm/yyyy|5 6|€ EUR euro euros евро
BM|.|dd/mm/yyyy|5 6|$ BMD
BN|,|dd/mm/yyyy|5 6|$ BND
BO|,|dd/mm/yyyy|5 6|Bs BOB
BR|,|dd/mm/yyyy|5 6|R$ BRL
BS|.|dd/mm/yyyy|5 6|$ BSD
BT|.|yyyy-mm-dd|5 6|₹ INR Nu. BTN
BW|.|dd/mm/yyyy|5 6|P BWP
BY|,|dd.mm.yyyy|5 6|Br BYN руб руб. р р. рубль рубля рублей
BZ|.|dd/mm/yyyy|5 6|$ BZD
CA|.|yyyy-mm-dd|5 6|$ CA$ CAD
CC|.|dd/mm/yyyy|5 6|$ A$ AUD
CD|,|dd/mm/yyyy|5 6|FC CDF
CF|,|dd/mm/yyyy|5 6|FCFA XAF
CG|,|dd/mm/yyyy|5 6|FCFA XAF
CH|.|dd.mm.yyyy|5 6|CHF
CI|,|dd/mm/yyyy|5 6|F CFA XOF
CK|.|dd/mm/yyyy|5 6|$ NZ$ NZD
CL|,|dd-mm-yyyy|5 6|$ CLP
CM|,|dd/mm/yyyy|5 6|FCFA XAF
CN|.|yyyy/mm/dd|5 6|¥ CN¥ CNY
CO|,|dd/mm/yyyy|5 6|$ COP
CR|,|dd/mm/yyyy|5 6|₡ CRC
CU|.|dd/mm/yyyy|5 6|$ CUP
CV|,|dd/mm/yyyy|5 6|CVE
CW|.|dd-mm-yyyy|5 6|Cg. Cg XCG
CX|.|dd/mm/yyyy|5 6|$ A$ AUD
CY|,|dd/mm/yyyy|5 6|€ EUR euro euros евро
CZ|,|dd.mm.yyyy|5 6|Kč CZK
DE|,|dd.mm.yyyy|5 6|€ EUR euro euros евро
DG|.|dd/mm/yyyy|5 6|US$ $ USD dollar dollars долл долл. доллар доллара долларов
DJ|,|dd/mm/yyyy|5 6|Fdj DJF
DK|,|dd.mm.yyyy|5 6|kr. DKK
DM|.|dd/mm/yyyy|5 6|$ EC$ XCD
DO|.|dd/mm/yyyy|5 6|RD$ DOP
DZ|,|dd/mm/yyyy|4 5|د.ج. DZD
EA|,|dd/mm/yyyy|5 6|€ EUR euro euros евро
EC|,|dd/mm/yyyy|5 6|$ USD US$ dollar dollars долл долл. доллар доллара долларов
EE|,|dd.mm.yyyy|5 6|€ EUR euro euros евро
EG|.|dd/mm/yyyy|4 5|ج.م. EGP
EH|.|dd/mm/yyyy|5 6|د.م. MAD
ER|.|mm/dd/yyyy|5 6|Nfk ERN
ES|,|dd/mm/yyyy|5 6|€ EUR euro euros евро
ET|.|dd/mm/yyyy|5 6|ብር ETB
FI|,|dd.mm.yyyy|5 6|€ EUR euro euros евро
FJ|.|dd/mm/yyyy|5 6|$ FJD
FK|.|dd/mm/yyyy|5 6|£ FKP
FM|.|dd/mm/yyyy|5 6|US$ $ USD dollar dollars долл долл. доллар доллара долларов
FO|,|dd.mm.yyyy|5 6|kr DKK
FR|,|dd/mm/yyyy|5 6|€ EUR euro euros евро
GA|,|dd/mm/yyyy|5 6|FCFA XAF
GB|.|dd/mm/yyyy|5 6|£ GBP pound pounds
GD|.|dd/mm/yyyy|5 6|$ EC$ XCD
GE|,|dd.mm.yyyy|5 6|₾ GEL лари
GF|,|dd/mm/yyyy|5 6|€ EUR euro euros евро
GG|.|dd/mm/yyyy|5 6|£ GBP pound pounds
GH|.|dd/mm/yyyy|5 6|GH₵ GHS
GI|.|dd/mm/yyyy|5 6|£ GIP
GL|,|yyyy-mm-dd|5 6|kr. DKK
GM|.|dd/mm/yyyy|5 6|D GMD
GN|,|dd/mm/yyyy|5 6|FG GNF
GP|,|dd/mm/yyyy|5 6|€ EUR euro euros евро
GQ|,|dd/mm/yyyy|5 6|FCFA XAF
GR|,|dd/mm/yyyy|5 6|€ EUR euro euros евро
GS|.|dd/mm/yyyy|5 6|£ GBP pound pounds
GT|.|dd/mm/yyyy|5 6|Q GTQ
GU|.|mm/dd/yyyy|5 6|$ USD US$ dollar dollars долл долл. доллар доллара долларов
GW|,|dd/mm/yyyy|5 6|F CFA XOF
GY|.|dd/mm/yyyy|5 6|$ GYD
HK|.|dd/mm/yyyy|5 6|HK$ HKD
HN|.|dd/mm/yyyy|5 6|L HNL
HR|,|dd.mm.yyyy|5 6|€ EUR euro euros евро
HT|,|yyyy-mm-dd|5 6|HTG US$ $ USD dollar dollars долл долл. доллар доллара долларов
HU|,|yyyy.mm.dd|5 6|Ft HUF
IC|,|dd/mm/yyyy|5 6|€ EUR euro euros евро
ID|,|dd/mm/yyyy|5 6|Rp IDR
IE|.|dd/mm/yyyy|5 6|€ EUR euro euros евро
IL|.|dd.mm.yyyy|4 5|₪ ILS
IM|.|dd/mm/yyyy|5 6|£ GBP pound pounds
IN|.|dd/mm/yyyy|6|₹ INR
IO|.|dd/mm/yyyy|5 6|US$ $ USD dollar dollars долл долл. доллар доллара долларов
IQ|.|dd/mm/yyyy|4 5|د.ع. IQD
IR|.|yyyy/mm/dd|4|ریال IRR
IS|,|dd.mm.yyyy|5 6|kr. ISK
IT|,|dd/mm/yyyy|5 6|€ EUR euro euros евро
JE|.|dd/mm/yyyy|5 6|£ GBP pound pounds
JM|.|dd/mm/yyyy|5 6|$ JMD
JO|.|dd/mm/yyyy|4 5|د.أ. JOD
JP|.|yyyy/mm/dd|5 6|￥ ¥ JPY
KE|.|dd/mm/yyyy|5 6|Ksh KES
KG|,|dd.mm.yyyy|5 6|сом KGS с с.
KH|.|dd/mm/yyyy|5 6|៛ KHR
KI|.|dd/mm/yyyy|5 6|$ A$ AUD
KM|.|dd/mm/yyyy|5 6|CF KMF
KN|.|dd/mm/yyyy|5 6|$ EC$ XCD
KP|.|yyyy.mm.dd|5 6|KPW
KR|.|yyyy.mm.dd|5 6|₩ KRW
KW|.|dd/mm/yyyy|4 5|د.ك. KWD
KY|.|dd/mm/yyyy|5 6|$ KYD
KZ|,|dd.mm.yyyy|5 6|₸ KZT тенге тнг тнг. тг тг.
LA|,|dd/mm/yyyy|5 6|₭ LAK
LB|,|dd/mm/yyyy|5 6|ل.ل. LBP
LC|.|dd/mm/yyyy|5 6|$ EC$ XCD
LI|.|dd.mm.yyyy|5 6|CHF
LK|.|yyyy-mm-dd|5 6|රු. LKR
LR|.|dd/mm/yyyy|5 6|$ LRD
LS|.|yyyy-mm-dd|5 6|R ZAR M LSL
LT|,|yyyy-mm-dd|5 6|€ EUR euro euros евро
LU|,|dd/mm/yyyy|5 6|€ EUR euro euros евро
LV|,|dd.mm.yyyy|5 6|€ EUR euro euros евро
LY|,|dd/mm/yyyy|4 5|د.ل. LYD
MA|,|dd/mm/yyyy|5 6|د.م. MAD
MC|,|dd/mm/yyyy|5 6|€ EUR euro euros евро
MD|,|dd.mm.yyyy|5 6|L MDL лей лея леев
ME|,|dd.mm.yyyy|5 6|€ EUR euro euros евро
MF|,|dd/mm/yyyy|5 6|€ EUR euro euros евро
MG|.|yyyy-mm-dd|5 6|Ar MGA
MH|.|mm/dd/yyyy|5 6|$ USD US$ dollar dollars долл долл. доллар доллара долларов
MK|,|dd.mm.yyyy|5 6|ден. MKD
ML|.|dd/mm/yyyy|5 6|F CFA XOF
MM|.|dd/mm/yyyy|5 6|K MMK
MN|.|yyyy.mm.dd|5 6|₮ MNT
MO|.|dd/mm/yyyy|5 6|MOP$ MOP
MP|.|mm/dd/yyyy|5 6|$ USD US$ dollar dollars долл долл. доллар доллара долларов
MQ|,|dd/mm/yyyy|5 6|€ EUR euro euros евро
MR|,|dd/mm/yyyy|5 6|أ.م. MRU
MS|.|dd/mm/yyyy|5 6|$ EC$ XCD
MT|.|dd/mm/yyyy|5 6|€ EUR euro euros евро
MU|,|dd/mm/yyyy|5 6|Rs MUR
MV|.|dd-mm-yyyy|5 6|ރ. MVR
MW|.|dd/mm/yyyy|5 6|MK MWK
MX|.|dd/mm/yyyy|5 6|$ MX$ MXN
MY|.|dd/mm/yyyy|5 6|RM MYR
MZ|,|dd/mm/yyyy|5 6|MTn MZN
NA|,|yyyy-mm-dd|5 6|R ZAR $ NAD
NC|,|dd/mm/yyyy|5 6|FCFP CFPF XPF
NE|.|dd/mm/yyyy|5 6|F CFA XOF
NF|.|dd/mm/yyyy|5 6|$ A$ AUD
NG|.|dd/mm/yyyy|5 6|₦ NGN
NI|.|dd/mm/yyyy|5 6|C$ NIO
NL|,|dd-mm-yyyy|5 6|€ EUR euro euros евро
NO|,|dd.mm.yyyy|5 6|kr NOK
NP|.|yyyy/mm/dd|5 6|नेरू NPR
NR|.|dd/mm/yyyy|5 6|$ A$ AUD
NU|.|dd/mm/yyyy|5 6|$ NZ$ NZD
NZ|.|dd/mm/yyyy|5 6|$ NZ$ NZD
OM|.|dd/mm/yyyy|4 5|ر.ع. OMR
PA|.|mm/dd/yyyy|5 6|B/. PAB USD $ US$ dollar dollars долл долл. доллар доллара долларов
PE|.|dd/mm/yyyy|5 6|S/ PEN
PF|,|dd/mm/yyyy|5 6|FCFP CFPF XPF
PG|.|dd/mm/yyyy|5 6|PGK
PH|.|mm/dd/yyyy|5 6|₱ PHP
PK|.|dd/mm/yyyy|5 6|Rs PKR
PL|,|dd.mm.yyyy|5 6|zł PLN
PM|,|dd/mm/yyyy|5 6|€ EUR euro euros евро
PN|.|dd/mm/yyyy|5 6|$ NZ$ NZD
PR|.|mm/dd/yyyy|5 6|$ USD US$ dollar dollars долл долл. доллар доллара долларов
PS|.|dd/mm/yyyy|5 6|₪ ILS د.أ. JOD
PT|,|dd/mm/yyyy|5 6|€ EUR euro euros евро
PW|.|dd/mm/yyyy|5 6|US$ $ USD dollar dollars долл долл. доллар доллара долларов
PY|.|yyyy-mm-dd|5 6|₲ PYG
QA|.|dd/mm/yyyy|4 5|ر.ق. QAR
RE|,|dd/mm/yyyy|5 6|€ EUR euro euros евро
RO|,|dd.mm.yyyy|5 6|RON
RS|,|dd.mm.yyyy|5 6|RSD
RU|,|dd.mm.yyyy|5 6|₽ RUB руб руб. р р. рубль рубля рублей
RW|,|yyyy-mm-dd|5 6|RF RWF
SA|.|dd/mm/yyyy|4 5|ر.س. SAR
SB|.|dd/mm/yyyy|5 6|$ SBD
SC|,|dd/mm/yyyy|5 6|SR SCR
SD|.|dd/mm/yyyy|4 5|ج.س. SDG
SE|,|yyyy-mm-dd|5 6|kr SEK
SG|.|dd/mm/yyyy|5 6|$ SGD
SH|.|dd/mm/yyyy|5 6|£ SHP
SI|,|dd.mm.yyyy|5 6|€ EUR euro euros евро
SJ|,|dd.mm.yyyy|5 6|kr NOK
SK|,|dd.mm.yyyy|5 6|€ EUR euro euros евро
SL|.|dd/mm/yyyy|5 6|Le SLE
SM|,|dd/mm/yyyy|5 6|€ EUR euro euros евро
SN|,|dd-mm-yyyy|5 6|F CFA XOF
SO|.|dd/mm/yyyy|5 6|S SOS
SR|,|dd-mm-yyyy|5 6|$ SRD
SS|.|dd/mm/yyyy|5 6|£ SSP
ST|,|dd/mm/yyyy|5 6|Db STN
SV|.|dd/mm/yyyy|5 6|$ USD US$ dollar dollars долл долл. доллар доллара долларов
SX|.|dd/mm/yyyy|5 6|Cg. Cg XCG
SY|.|dd/mm/yyyy|4 5|ل.س. SYP
SZ|.|dd/mm/yyyy|5 6|E SZL
TC|.|dd/mm/yyyy|5 6|US$ $ USD dollar dollars долл долл. доллар доллара долларов
TD|.|dd/mm/yyyy|5 6|FCFA XAF
TG|,|dd/mm/yyyy|5 6|F CFA XOF
TH|.|dd/mm/yyyy|5 6|฿ THB
TJ|,|dd/mm/yyyy|5 6|TJS сомони сом
TK|.|dd/mm/yyyy|5 6|$ NZ$ NZD
TL|,|dd/mm/yyyy|5 6|US$ $ USD dollar dollars долл долл. доллар доллара долларов
TM|,|dd.mm.yyyy|5 6|TMT ТМТ
TN|,|dd/mm/yyyy|5 6|د.ت. TND
TO|.|dd/mm/yyyy|5 6|T$ TOP
TR|,|dd.mm.yyyy|5 6|₺ TRY
TT|.|dd/mm/yyyy|5 6|$ TTD
TV|.|dd/mm/yyyy|5 6|$ A$ AUD
TW|.|yyyy/mm/dd|5 6|$ NT$ TWD
TZ|.|dd/mm/yyyy|5 6|TSh TZS
UA|,|dd.mm.yyyy|5 6|₴ UAH грн грн. гривна гривны гривен
UG|.|dd/mm/yyyy|6|USh UGX
UM|.|mm/dd/yyyy|5 6|$ USD US$ dollar dollars долл долл. доллар доллара долларов
US|.|mm/dd/yyyy|5 6|$ USD US$ dollar dollars долл долл. доллар доллара долларов
UY|,|dd/mm/yyyy|5 6|$ UYU
UZ|,|dd/mm/yyyy|5 6|soʻm UZS сум сумов
VA|,|dd/mm/yyyy|5 6|€ EUR euro euros евро
VC|.|dd/mm/yyyy|5 6|$ EC$ XCD
VE|,|dd/mm/yyyy|5 6|Bs.S VES
VG|.|dd/mm/yyyy|5 6|US$ $ USD dollar dollars долл долл. доллар доллара долларов
VI|.|mm/dd/yyyy|5 6|$ USD US$ dollar dollars долл долл. доллар доллара долларов
VN|,|dd/mm/yyyy|5 6|₫ VND
VU|.|dd/mm/yyyy|5 6|VT VUV
WF|,|dd/mm/yyyy|5 6|FCFP CFPF XPF
WS|.|dd/mm/yyyy|5 6|WS$ WST
XK|,|dd.mm.yyyy|5 6|€ EUR euro euros евро
YE|.|dd/mm/yyyy|4 5|ر.ي. YER
YT|,|dd/mm/yyyy|5 6|€ EUR euro euros евро
ZA|,|yyyy/mm/dd|5 6|R ZAR
ZM|.|dd/mm/yyyy|5 6|K ZMW
ZW|.|yyyy-mm-dd|5 6|US$ $ USD dollar dollars долл долл. доллар доллара долларов ZWG
"""
