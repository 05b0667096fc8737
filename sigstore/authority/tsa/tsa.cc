#include "sigstore/authority/tsa/tsa.h"

#include "sigstore/codec/der.h"

namespace sigstore::authority::tsa {

namespace der = codec::der;

namespace {

using crypto::KeyType;
using crypto::Scheme;

// The digest of the curve; RSA SHA-256.
Result<Scheme> scheme_of(const crypto::PublicKey& key) {
  if (key.type() != KeyType::ed25519) return key.schemes().front();
  return fail(Code::unsupported, "a timestamp authority cannot sign with Ed25519",
              "neither openssl nor cosign reads such timestamps", "take an ECDSA or RSA key");
}

// 159 random bits, and the content of a positive INTEGER.
Bytes random_serial(Random& random) {
  Bytes serial(20);
  random.fill(serial);
  serial[0] = static_cast<std::uint8_t>((serial[0] & 0x7F) | 0x40);
  return serial;
}

std::string compact(Time at) {
  const Bytes element = der::encode_generalized_time(at);
  return to_text(BytesView(element).subspan(2));
}

// What is wrong with a request that cannot be read.
Bytes refuse(const Error& error) {
  if (error.code == Code::unsupported) return refused(Failure::bad_algorithm, error.text());
  return refused(error.code == Code::too_large ? Failure::bad_request : Failure::bad_data_format,
                 error.text());
}

}  // namespace

Result<Tsa> Tsa::create(std::shared_ptr<crypto::Signer> signer, std::vector<crypto::x509::Certificate> chain,
                        Options options) {
  if (chain.empty()) return fail(Code::invalid_argument, "a timestamp authority without a certificate");
  Tsa out;
  TRY(out.scheme_, scheme_of(signer->public_key()));
  TRY(const auto key, chain.front().public_key());
  if (key != signer->public_key())
    return fail(Code::mismatch, "the timestamp authority's certificate is of another key",
                chain.front().subject_text());
  out.signer_ = std::move(signer);
  out.chain_ = std::move(chain);
  out.options_ = std::move(options);
  return out;
}

TokenTemplate Tsa::prepare(const timestamp::Request& request, Time at, Random& random) const {
  const auto& own = chain_.front();
  TokenTemplate out;
  out.info.policy = options_.policy;
  out.info.algorithm = request.algorithm;
  out.info.imprint = request.imprint;
  out.info.serial = random_serial(random);
  out.info.time = compact(at);
  out.info.accuracy = options_.accuracy;
  out.info.nonce = request.nonce;
  out.info.tsa = der::encode(der::context_constructed(4), own.subject_name());
  if (request.certificates) {
    for (std::size_t i = 0; i < chain_.size(); ++i) {
      if (i == 0 || (options_.whole_chain && !chain_[i].self_issued()))
        out.certificates.push_back(chain_[i].der());
    }
  }
  out.signers = {SignerTemplate::of(own, *signer_, scheme_)};
  return out;
}

Result<Bytes> Tsa::answer(BytesView bytes, Time at, Random& random) const {
  const auto request = timestamp::Request::parse(bytes);
  if (!request) return refuse(request.error());
  if (!request->extensions.empty())
    return refused(Failure::unaccepted_extension,
                   "no extension is known here: " + request->extensions.front());
  if (request->policy && *request->policy != options_.policy)
    return refused(Failure::unaccepted_policy, "the one policy here is " + options_.policy);
  TRY(const auto token, sign(prepare(*request, at, random)));
  return granted(token);
}

}  // namespace sigstore::authority::tsa
