// Every exit code of the program. Scripts compare them: 10 to 13 are the original's, for both signature
// formats.
#pragma once

#include "sigstore/base/result.h"

namespace cosign::ui {

enum Exit : int {
  exit_ok = 0,
  exit_error = 1,            // all the rest: flags, network, files
  exit_no_signature = 10,    // the image or file is there and nothing signs it
  exit_no_image = 11,        // the tag, digest or file is not there
  exit_no_match = 12,        // signed, but not so that it satisfies what was asked
  exit_no_certificate = 13,  // a signature without the certificate that was asked for
  exit_interrupted = 130,    // SIGINT or SIGTERM, as shells count them
};

// The exit code of an error that ended a command.
inline Exit exit_code(sigstore::Code code) {
  return code == sigstore::Code::cancelled ? exit_interrupted : exit_error;
}

}  // namespace cosign::ui
