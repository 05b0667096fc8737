# c
"token_helper" = "/usr/bin/helper"
