// An answer that says what is wrong, as clients of registries read it (distribution-spec, "Error codes").
#pragma once

#include <string_view>

#include "server/host/message.h"

namespace server::host {

// {"errors":[{"code":CODE,"message":MESSAGE,"detail":DETAIL}]}; no detail when it is empty.
Response error_response(int status, std::string_view code, std::string_view message,
                        std::string_view detail = {});

}  // namespace server::host
