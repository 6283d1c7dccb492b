; Inno Setup 6.3 or later: the installer for Windows, made of the folder that packaging/build.py leaves in dist.
;   iscc /DVersion=0.1.0 packaging\windows\nurie.iss
#ifndef Version
  #define Version "0.1.0"
#endif

[Setup]
AppId={{6F0B7B7E-6E4B-4B8E-9C1B-4E5552494501}
AppName=Nurie
AppVersion={#Version}
AppPublisher=Nurie
DefaultDirName={autopf}\Nurie
DefaultGroupName=Nurie
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog commandline
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
LicenseFile=..\..\LICENSE
SetupIconFile=..\..\build\packaging\nurie.ico
UninstallDisplayIcon={app}\Nurie window.exe
OutputDir=..\..\dist
OutputBaseFilename=nurie-{#Version}-windows-x86_64-setup
Compression=lzma2
SolidCompression=yes
WizardStyle=modern
ChangesAssociations=yes

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "ja"; MessagesFile: "compiler:Languages\Japanese.isl"

[InstallDelete]
; Parts of an older version that the new one no longer has would be loaded beside it.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "..\..\dist\nurie\*"; DestDir: "{app}"; Flags: recursesubdirs createallsubdirs ignoreversion

[Icons]
Name: "{group}\Nurie"; Filename: "{app}\Nurie window.exe"
Name: "{autodesktop}\Nurie"; Filename: "{app}\Nurie window.exe"; Tasks: desktop

[Tasks]
Name: desktop; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[Registry]
Root: HKA; Subkey: "Software\Classes\.nurie"; ValueType: string; ValueName: ""; ValueData: "Nurie.Project"; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.nurie\OpenWithProgids"; ValueType: string; ValueName: "Nurie.Project"; ValueData: ""; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\Nurie.Project"; ValueType: string; ValueName: ""; ValueData: "Nurie project"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Nurie.Project\DefaultIcon"; ValueType: string; ValueName: ""; ValueData: "{app}\Nurie window.exe,0"
Root: HKA; Subkey: "Software\Classes\Nurie.Project\shell\open\command"; ValueType: string; ValueName: ""; ValueData: """{app}\Nurie window.exe"" ""%1"""

[Run]
Filename: "{app}\Nurie window.exe"; Description: "{cm:LaunchProgram,Nurie}"; Flags: nowait postinstall skipifsilent
