#include "sigstore/bundle/certificate.h"

#include <gtest/gtest.h>

#include "sigstore/codec/base64.h"

namespace sigstore::bundle {
namespace {

// Made with openssl: e-mail address, issuer in both forms.
constexpr const char* with_email =
    "MIIB2DCCAX+gAwIBAgIUNIVSHE+pUH00r9wIVgi8Wu3N38EwCgYIKoZIzj0EAwIwDDEKMAgGA1UECgwBeDAeFw0yNjExMjQx"
    "NzAwMjBaFw0yNjExMjUxNzAwMjBaMAwxCjAIBgNVBAoMAXgwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQCZDK4y7pvbMCk"
    "BhKWyf3pvfONN38LC28L4T/9ywYgzIqGHevyN2I1qQndAlM+qwSxDOFaewiRkXXk+kSvV0Zmo4G+MIG7MA4GA1UdDwEB/wQE"
    "AwIHgDATBgNVHSUEDDAKBggrBgEFBQcDAzAdBgNVHREBAf8EEzARgQ9kZXZAZXhhbXBsZS5jb20wKgYKKwYBBAGDvzABAQQc"
    "aHR0cHM6Ly9hY2NvdW50cy5leGFtcGxlLmNvbTAqBgorBgEEAYO/MAEIBBwMGmh0dHBzOi8vaXNzdWVyLmV4YW1wbGUuY29t"
    "MB0GA1UdDgQWBBRdmhAjFOArOAMWQM9giE6Ad68wrDAKBggqhkjOPQQDAgNHADBEAiB0Rjs4FzoxbpsD8Jr/2kuwlT6rJN4d"
    "vkR0Muwq3Su52gIgPAnmy34Ptn8NJLNkAwnGuz6nNn1nPBV9i2x2OnmXe6U=";
// A URI, and the older form of the issuer alone.
constexpr const char* with_uri =
    "MIIBvzCCAWWgAwIBAgIUG6FoEIlvjifciPckMDgaeOp2DicwCgYIKoZIzj0EAwIwDDEKMAgGA1UECgwBeDAeFw0yNjExMjQx"
    "NzAwMjBaFw0yNjExMjUxNzAwMjBaMAwxCjAIBgNVBAoMAXgwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASw4jaeQU6LEX1U"
    "29ig5S2o4DqAErE+yIa1WSadFCLrGrDzME6isON4hXATdNjTLYWGwS9+sfNDgkr1ip7iXQKKo4GkMIGhMFQGA1UdEQRNMEuG"
    "SWh0dHBzOi8vZ2l0aHViLmNvbS9vcmcvcmVwby8uZ2l0aHViL3dvcmtmbG93cy9yZWxlYXNlLnltbEByZWZzL2hlYWRzL21h"
    "aW4wKgYKKwYBBAGDvzABAQQcaHR0cHM6Ly9hY2NvdW50cy5leGFtcGxlLmNvbTAdBgNVHQ4EFgQUjofe9HW0ggh313qv6zYY"
    "lutIVFMwCgYIKoZIzj0EAwIDSAAwRQIgQmLsCGSoN0mwUUNPRFbayErjjrXuQPrVNaL5P/lgucMCIQClIbftxd5fmoZXoYZc"
    "xqCNLyIZ3dfZZbMxduO22imoWA==";

CertificateClaim read(const char* text) {
  const auto der = sigstore::codec::base64::decode(text);
  EXPECT_TRUE(der);
  const auto claim = read_certificate(*der);
  EXPECT_TRUE(claim);
  return claim.value_or(CertificateClaim{});
}

TEST(Certificate, SaysWhoItIsForAndWhoVouched) {
  EXPECT_EQ(read(with_email), (CertificateClaim{"dev@example.com", "https://issuer.example.com"}));
  EXPECT_EQ(read(with_uri),
            (CertificateClaim{"https://github.com/org/repo/.github/workflows/release.yml@refs/heads/main",
                              "https://accounts.example.com"}));
}

TEST(Certificate, WhatIsCutOffIsNone) {
  const auto der = sigstore::codec::base64::decode(with_email);
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, der->size() / 2, der->size() - 1})
    EXPECT_FALSE(read_certificate({der->data(), size})) << size;
}

}  // namespace
}  // namespace sigstore::bundle
