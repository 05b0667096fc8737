#include "sigstore/keys/plugin/plugin.h"

#include <algorithm>

#include "sigstore/base/limits.h"

namespace sigstore::keys::plugin {
namespace {

std::string seconds(Duration duration) {
  return std::to_string(std::chrono::round<std::chrono::seconds>(duration).count()) + " s";
}

}  // namespace

Subject Plugin::subject(crypto::HashAlgorithm hash) const {
  Duration left = limits::plugin_timeout;
  const auto& clock = *context_.env.clock;
  if (context_.deadline) left = std::min<Duration>(left, *context_.deadline - clock.steady());
  return {key_, hash, clock.now() + std::chrono::duration_cast<Time::duration>(left)};
}

Expected Plugin::expected(const std::string& what) const {
  return {program_, "the plugin " + program_ + " cannot " + what};
}

Error Plugin::failed(const Error& error) const {
  switch (error.code) {
    case Code::cancelled:
      return error;
    case Code::not_found:
      if (!error.hint.empty()) return error.wrap("the plugin " + program_ + " cannot be used");
      return {Code::not_found, "there is no program " + program_ + " on PATH", {}, missing_};
    case Code::timeout:
      return {Code::timeout,
              "the plugin " + program_ + " did not answer in time",
              "it was ended; a call may take " + seconds(limits::plugin_timeout) +
                  ", and never longer than the run (--timeout)",
              {}};
    case Code::too_large:
      return {Code::too_large, "the plugin " + program_ + " gave no usable answer", error.cause, {}};
    default:
      return error.wrap("the plugin " + program_ + " cannot be used");
  }
}

Result<std::string> Plugin::ask(const std::string& call, std::string_view input) const {
  auto output = context_.env.processes->run_speaking({program_, std::string(protocol_version), call}, input,
                                                     limits::plugin_timeout, limits::plugin_output_bytes);
  if (!output) return fail(failed(output.error()));
  if (output->out.empty())
    return fail(Code::malformed, "the plugin " + program_ + " gave no answer",
                "it wrote nothing to its standard output, and ended with exit code " +
                    std::to_string(output->exit_code));
  return std::move(output->out);
}

Result<std::string> Plugin::default_algorithm() const {
  TRY(const auto answer, ask(default_algorithm_call(subject()), {}));
  return read_default_algorithm(answer, expected("say what kind of key it makes"));
}

Result<crypto::PublicKey> Plugin::create_key(const std::string& algorithm) const {
  TRY(const auto answer, ask(create_key_call(subject(), algorithm), {}));
  return read_created_key(answer, expected("make the key " + key_));
}

Result<crypto::PublicKey> Plugin::public_key() const {
  TRY(const auto answer, ask(public_key_call(subject()), {}));
  return read_public_key(answer, expected("give the public key of " + key_));
}

Result<Bytes> Plugin::sign_message(crypto::HashAlgorithm hash, const std::optional<Bytes>& digest,
                                   BytesView message) const {
  TRY(const auto answer, ask(sign_message_call(subject(hash), digest), as_text(message)));
  return read_signature(answer, expected("sign with the key " + key_));
}

Result<Bytes> Plugin::sign_digest(crypto::HashAlgorithm hash, const Bytes& digest) const {
  TRY(const auto answer, ask(sign_digest_call(subject(hash), digest), {}));
  return read_signature(answer, expected("sign with the key " + key_));
}

}  // namespace sigstore::keys::plugin
