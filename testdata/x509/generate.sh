#!/bin/sh
# Makes every file beside it anew with OpenSSL 3 (made with 3.0). See README.md.
set -eu
cd "$(dirname "$0")"
rm -f ./*.pem ./*.der

# certify NAME KEY [req options]: NAME.crt.pem, self-signed, valid for a hundred years.
certify() {
	name=$1 key=$2
	shift 2
	openssl req -new -x509 -key "$key" -subj "/O=smoltls tests/CN=$name" -days 36500 -out "$name.crt.pem" "$@"
}

# Private keys: PKCS #8, PKCS #1, SEC 1, DER, encrypted.
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa2048.key.pem
openssl rsa -in rsa2048.key.pem -traditional -out rsa2048-pkcs1.key.pem
openssl rsa -in rsa2048.key.pem -traditional -outform DER -out rsa2048-pkcs1.key.der
openssl pkcs8 -topk8 -nocrypt -in rsa2048.key.pem -outform DER -out rsa2048.key.der
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out rsa1024.key.pem
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:512 -out rsa512.key.pem
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_primes:3 -out rsa2048-3primes.key.pem
openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out rsapss2048.key.pem
openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_pss_keygen_md:sha384 \
	-pkeyopt rsa_pss_keygen_mgf1_md:sha384 -pkeyopt rsa_pss_keygen_saltlen:48 -out rsapss2048-sha384.key.pem
for curve in P-256:p256 P-384:p384 P-521:p521 secp256k1:secp256k1; do
	openssl genpkey -algorithm EC -pkeyopt "ec_paramgen_curve:${curve%:*}" -out "${curve#*:}.key.pem"
done
openssl ecparam -name prime256v1 -genkey -out p256-sec1-params.key.pem
openssl ec -in p256.key.pem -out p256-sec1.key.pem
openssl ec -in p256.key.pem -outform DER -out p256-sec1.key.der
openssl ec -in p384.key.pem -out p384-sec1.key.pem
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit -out p256-explicit.key.pem
openssl ec -in p256.key.pem -conv_form compressed -out p256-compressed.key.pem
openssl genpkey -algorithm ED25519 -out ed25519.key.pem
openssl pkcs8 -topk8 -nocrypt -in ed25519.key.pem -outform DER -out ed25519.key.der
openssl genpkey -algorithm ED448 -out ed448.key.pem
openssl pkcs8 -topk8 -in p256.key.pem -passout pass:secret -out p256-encrypted.key.pem
openssl pkcs8 -topk8 -in p256.key.pem -passout pass:secret -outform DER -out p256-encrypted.key.der
openssl ec -in p256.key.pem -aes128 -passout pass:secret -out p256-encrypted-legacy.key.pem
openssl rsa -in rsa2048.key.pem -aes128 -traditional -passout pass:secret -out rsa2048-encrypted-legacy.key.pem

# Certificates by key and signature algorithm.
for hash in sha256 sha384 sha512 sha1 md5; do
	certify "rsa2048-$hash" rsa2048.key.pem "-$hash"
done
for hash in sha256 sha384 sha512; do
	certify "p256-$hash" p256.key.pem "-$hash"
	certify "p384-$hash" p384.key.pem "-$hash"
	certify "rsa2048-pss-$hash" rsa2048.key.pem "-$hash" -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest
done
certify rsa2048-pss-longest-salt rsa2048.key.pem -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:max
certify rsa2048-pss-no-salt rsa2048.key.pem -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:0
certify rsa2048-pss-sha1 rsa2048.key.pem -sha1 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest
certify rsa2048-pss-mixed rsa2048.key.pem -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_mgf1_md:sha512
certify p256-sha1 p256.key.pem -sha1
certify rsapss2048 rsapss2048.key.pem -sha256 -sigopt rsa_pss_saltlen:digest
certify rsapss2048-sha384 rsapss2048-sha384.key.pem -sha384
certify rsa1024 rsa1024.key.pem -sha256
certify rsa512 rsa512.key.pem -sha256
certify ed25519 ed25519.key.pem
certify ed448 ed448.key.pem
certify p521 p521.key.pem
certify secp256k1 secp256k1.key.pem
certify p256-explicit p256-explicit.key.pem
certify p256-compressed p256-compressed.key.pem

# Certificates by what they say.
certify names p256.key.pem -addext "subjectAltName=DNS:device-7.example,DNS:*.fleet.example,IP:192.0.2.7,IP:2001:db8::7,email:a@example.org,URI:urn:x:y,otherName:1.2.3.4;UTF8:text,dirName:dir_sect,RID:1.2.3" \
	-config names.cnf
certify server p256.key.pem -addext keyUsage=critical,digitalSignature -addext extendedKeyUsage=serverAuth -addext subjectAltName=DNS:server.example
certify client p256.key.pem -addext keyUsage=critical,digitalSignature -addext extendedKeyUsage=clientAuth
certify any-purpose p256.key.pem -addext extendedKeyUsage=anyExtendedKeyUsage
certify codesigning p256.key.pem -addext extendedKeyUsage=codeSigning,1.2.3.4.5
certify no-signing p256.key.pem -addext keyUsage=critical,keyAgreement,decipherOnly
certify unknown-critical p256.key.pem -addext 1.2.3.4=critical,ASN1:NULL
certify unknown-extension p256.key.pem -addext 1.2.3.4=ASN1:NULL
certify pathlen p256.key.pem -addext basicConstraints=critical,CA:TRUE,pathlen:3
certify multi-rdn p256.key.pem -subj "/O=smoltls tests/CN=multi-rdn+OU=unit" -multivalue-rdn
certify utf8 p256.key.pem -utf8 -subj "/O=smøltls/CN=機器"

# Version 1, and a certificate that another one signed.
openssl req -new -key p256.key.pem -subj "/CN=v1" |
	openssl x509 -req -signkey p256.key.pem -days 36500 -out v1.crt.pem
openssl req -new -key p384.key.pem -subj "/CN=issued" |
	openssl x509 -req -CA pathlen.crt.pem -CAkey p256.key.pem -set_serial 77 -days 36500 -out issued.crt.pem

openssl x509 -in p256-sha256.crt.pem -outform DER -out p256-sha256.crt.der
cat issued.crt.pem pathlen.crt.pem >issued-chain.crt.pem
cat p256-sha256.crt.pem p256.key.pem >p256-both.pem
