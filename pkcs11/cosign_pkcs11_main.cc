// cosign-pkcs11: opens a PKCS#11 module for cosign, which is static and cannot, and does one thing with it.
// Spoken to as docs/formats/pkcs11-helper.md says: `cosign-pkcs11 v1`, a request on stdin, an answer on
// stdout.
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <string_view>

#include "pkcs11/answer.h"
#include "sigstore/base/secret.h"

namespace {

constexpr std::size_t request_bytes = 64 * 1024;
constexpr int exit_usage = 2;

// All of stdin; empty when it is larger than a request can be.
sigstore::Secret read_input() {
  auto input = sigstore::Secret::of_size(request_bytes + 1);
  std::size_t size = 0;
  while (size < input.size()) {
    const ssize_t got = read(STDIN_FILENO, input.writable().data() + size, input.size() - size);
    if (got <= 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > request_bytes) return {};
  return sigstore::Secret(input.reveal_bytes().first(size));
}

// The PIN is in here with somebody else's code: no core of it is written, and it does not outlive who asked.
void settle() {
  const rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
}

// Where the answer goes: a module that prints something does not print into it.
int take_stdout() {
  const int answer = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  dup2(STDERR_FILENO, STDOUT_FILENO);
  return answer;
}

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2 || std::string_view(arguments[1]) != "v1") {
    std::fputs(
        "cosign-pkcs11 is run by cosign, to use keys in PKCS#11 tokens: cosign sign --key 'pkcs11:...' "
        "IMAGE\n",
        stderr);
    return exit_usage;
  }
  settle();
  const int out = take_stdout();
  if (out < 0) return 1;
  const auto input = read_input();
  if (!write_all(out, pkcs11::answer(input.reveal_bytes()))) return 1;
  // Not through the module's own last words: what it destroys at exit is its business, and often broken.
  std::fflush(nullptr);
  _exit(0);
}
