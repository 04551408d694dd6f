//! Functions that a script brings along, each only where it is needed.

/// A function of the script's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Helper {
    /// Makes a password that nobody has thought of.
    GeneratedPassword,
    /// Sends again what is refused because an earlier change is not known everywhere.
    Patiently,
    /// Sends a request to Azure and fails when it is refused, which `Invoke-AzRestMethod` does not.
    Azure,
}

impl Helper {
    /// Its definition.
    pub(super) fn definition(self) -> &'static str {
        match self {
            Helper::GeneratedPassword => GENERATED_PASSWORD,
            Helper::Patiently => PATIENTLY,
            Helper::Azure => AZURE,
        }
    }
}

/// The parameter of the script that goes with generated passwords.
pub(super) const PASSWORD_FILE: &str = "\
param(
    # A CSV that the generated passwords are appended to; without it nobody ever learns them.
    [string] $PasswordFile
)
";

const GENERATED_PASSWORD: &str = "\
# A random password; it is written down before it is used.
function New-GeneratedPassword([string] $User) {
    $kinds = 'ABCDEFGHJKLMNPQRSTUVWXYZ', 'abcdefghijkmnpqrstuvwxyz', '23456789', '!#%*+-.?@_'
    $letters = foreach ($at in 0..23) {
        $kind = $kinds[$at % $kinds.Count]
        $kind[[Security.Cryptography.RandomNumberGenerator]::GetInt32($kind.Length)]
    }
    $password = -join ($letters | Sort-Object { [Security.Cryptography.RandomNumberGenerator]::GetInt32([int]::MaxValue) })
    if ($PasswordFile) {
        [pscustomobject]@{ UserPrincipalName = $User; Password = $password } | Export-Csv -Path $PasswordFile -Append
    }
    ConvertTo-SecureString -String $password -AsPlainText -Force
}
";

// The refusals are those that this program waits out; a refused change has changed nothing.
const PATIENTLY: &str = "\
# What was just made is not known everywhere at once: such refusals are waited out.
function Invoke-Patiently([scriptblock] $Change) {
    $passing = 'NoBackingApplicationObject|backing application|Directory_ConcurrencyViolation|PrincipalNotFound|NotFound|' +
        'couldn''t be found|does not exist|Dehydrated|AADSTS7000215|AADSTS700016|AADSTS7000229|ForbiddenByPolicy|ForbiddenByRbac|No such host'
    $begin = Get-Date
    while ($true) {
        try {
            return & $Change
        } catch {
            $refusal = \"$_ $($_.FullyQualifiedErrorId)\"
            $seconds = if ($refusal -match 'Dehydrated') { 3600 } else { 180 }
            if ($refusal -notmatch $passing -or ((Get-Date) - $begin).TotalSeconds -ge $seconds) { throw }
            Start-Sleep -Seconds 10
        }
    }
}
";

const AZURE: &str = "\
# A request to Azure for which there is no cmdlet that does just this.
function Invoke-Azure([string] $Method, [string] $Target, $Body) {
    $request = @{ Method = $Method }
    if ($Target.StartsWith('/')) { $request.Path = $Target } else { $request.Uri = $Target }
    if ($null -ne $Body) { $request.Payload = ConvertTo-Json -InputObject $Body -Depth 20 -EscapeHandling EscapeNonAscii }
    $answer = Invoke-AzRestMethod @request
    if ($answer.StatusCode -ge 400) { throw \"$Method ${Target} was refused: $($answer.StatusCode) $($answer.Content)\" }
    if ($answer.Content) { ConvertFrom-Json -InputObject $answer.Content }
}
";
