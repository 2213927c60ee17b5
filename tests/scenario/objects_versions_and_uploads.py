#!/usr/bin/python3
"""tests/scenario/objects_versions_and_uploads.py: listings, versions, deletions, copies, uploads in parts and tags, by boto3."""
import base64
import hashlib
import subprocess

from harness import Server, policy, tap

MEBIBYTE = 1 << 20
PART = 5 * MEBIBYTE


def s3_of(server, credentials=None):
    key = (credentials["AccessKeyId"], credentials["SecretAccessKey"]) if credentials else ()
    return server.client("s3", *key, s3={"addressing_style": "path"})


def status(answer):
    return answer["ResponseMetadata"]["HTTPStatusCode"]


def headers(answer):
    return answer["ResponseMetadata"]["HTTPHeaders"]


def body(answer):
    return answer["Body"].read()


def keys(answer):
    return [entry["Key"] for entry in answer.get("Contents", [])]


def prefixes(answer):
    return [entry["Prefix"] for entry in answer.get("CommonPrefixes", [])]


def listings_are_in_byte_order_and_fold(tap):
    with Server(tap) as server:
        s3 = s3_of(server)
        s3.create_bucket(Bucket="books")
        names = ["a-", "a/1", "a/2", "a/b/3", "Z", "b+c d", "é", "a"]
        for name in names:
            s3.put_object(Bucket="books", Key=name, Body=name.encode())
        ordered = sorted(names, key=lambda name: name.encode())
        answer = s3.list_objects_v2(Bucket="books")
        tap.equal((keys(answer), answer["KeyCount"], answer["IsTruncated"]), (ordered, 8, False), "keys come in byte order")
        first = answer["Contents"][0]
        tap.equal((first["ETag"], first["Size"], first["StorageClass"]), (f'"{hashlib.md5(b"Z").hexdigest()}"', 1, "STANDARD"),
                  "with ETag, size and class")
        answer = s3.list_objects_v2(Bucket="books", Delimiter="/")
        tap.equal((keys(answer), prefixes(answer), answer["KeyCount"]),
                  ([name for name in ordered if "/" not in name], ["a/"], 6), "a delimiter folds")
        answer = s3.list_objects_v2(Bucket="books", Delimiter="/", Prefix="a/")
        tap.equal((keys(answer), prefixes(answer)), (["a/1", "a/2"], ["a/b/"]), "behind a prefix")
        seen, token = [], {}
        while True:
            answer = s3.list_objects_v2(Bucket="books", Delimiter="/", MaxKeys=2, **token)
            seen += sorted(keys(answer) + prefixes(answer), key=lambda name: name.encode())
            if not answer["IsTruncated"]:
                break
            token = {"ContinuationToken": answer["NextContinuationToken"]}
        tap.equal(seen, ["Z", "a", "a-", "a/", "b+c d", "é"], "pages show each key and prefix once")
        answer = s3.list_objects_v2(Bucket="books", MaxKeys=0)
        tap.equal((keys(answer), answer["IsTruncated"]), ([], False), "no keys asked for, none to come")
        tap.equal(keys(s3.list_objects_v2(Bucket="books", StartAfter="a/1", Prefix="a/")), ["a/2", "a/b/3"], "start-after")
        tap.refused("an empty token", "InvalidArgument", s3.list_objects_v2, Bucket="books", ContinuationToken="", status=400)

        answer = s3.list_objects(Bucket="books", MaxKeys=2)
        tap.check("NextMarker" not in answer and answer["IsTruncated"], "V1 names no next marker without a delimiter", answer)
        answer = s3.list_objects(Bucket="books", MaxKeys=4, Delimiter="/")
        tap.equal(answer["NextMarker"], "a/", "and a prefix with one")
        answer = s3.list_objects(Bucket="books", Delimiter="/", Marker="a/")
        tap.equal((keys(answer), prefixes(answer)), (["b+c d", "é"], []), "the next page does not repeat it")
        code, text, error = server.aws("s3api", "list-objects-v2", "--bucket", "books", "--prefix", "b")
        tap.equal(text and keys(text), ["b+c d"], "the CLI reads encoded keys")


def versions_and_markers(tap):
    with Server(tap) as server:
        s3 = s3_of(server)
        s3.create_bucket(Bucket="books")
        put = lambda text, **more: s3.put_object(Bucket="books", Key="k", Body=text, **more)  # noqa: E731
        tap.check("VersionId" not in put(b"zero"), "no version without versioning")
        s3.put_bucket_versioning(Bucket="books", VersioningConfiguration={"Status": "Enabled"})
        one, two = put(b"one")["VersionId"], put(b"two")["VersionId"]
        tap.equal([(entry["VersionId"], entry["IsLatest"]) for entry in s3.list_object_versions(Bucket="books")["Versions"]],
                  [(two, True), (one, False), ("null", False)], "versions, newest first, the null one too")
        tap.equal([body(s3.get_object(Bucket="books", Key="k", VersionId=version)) for version in (two, one, "null")],
                  [b"two", b"one", b"zero"], "each is read by its id")
        marker = s3.delete_object(Bucket="books", Key="k")
        tap.equal((status(marker), marker["DeleteMarker"]), (204, True), "deleting makes a marker")
        error = tap.refused("which hides the key", "NoSuchKey", s3.get_object, Bucket="books", Key="k", status=404)
        tap.equal(error and headers(error.response).get("x-amz-delete-marker"), "true", "and says so")
        error = tap.refused("and is no object", "MethodNotAllowed", s3.get_object, Bucket="books", Key="k", status=405,
                            VersionId=marker["VersionId"])
        tap.equal(error and headers(error.response).get("allow"), "DELETE", "but can be deleted")
        tap.equal(keys(s3.list_objects_v2(Bucket="books")), [], "the key is not listed")
        tap.refused("an unknown version", "NoSuchVersion", s3.get_object, Bucket="books", Key="k", VersionId="A" * 32, status=404)
        tap.refused("no version at all", "InvalidArgument", s3.get_object, Bucket="books", Key="k", VersionId="x", status=400)
        gone = s3.delete_object(Bucket="books", Key="k", VersionId=marker["VersionId"])
        tap.equal(gone.get("DeleteMarker"), True, "deleting the marker says it was one")
        tap.equal(body(s3.get_object(Bucket="books", Key="k")), b"two", "and brings the object back")

        s3.put_bucket_versioning(Bucket="books", VersioningConfiguration={"Status": "Suspended"})
        tap.check("VersionId" not in put(b"three"), "a suspended bucket names no version")
        listed = s3.list_object_versions(Bucket="books")["Versions"]
        tap.equal([entry["VersionId"] for entry in listed], ["null", two, one], "null is replaced and the others stay")
        answer = s3.get_object(Bucket="books", Key="k")
        tap.equal((body(answer), answer["VersionId"]), (b"three", "null"), "and reads as null")

        answer = s3.delete_objects(Bucket="books", Delete={"Objects": [
            {"Key": "k", "VersionId": two}, {"Key": "never"}, {"Key": "k", "VersionId": "bad/id"}]})
        tap.equal(([entry["Key"] for entry in answer["Deleted"]], [entry["Code"] for entry in answer["Errors"]]),
                  (["k", "never"], ["InvalidArgument"]), "DeleteObjects tells of each key")
        tap.refused("1,001 keys", "MalformedXML", s3.delete_objects, Bucket="books", status=400,
                    Delete={"Objects": [{"Key": f"k{number}"} for number in range(1001)]})
        # what boto3's bucket.object_versions.delete() does
        token, pages = {}, 0
        while True:
            page = s3.list_object_versions(Bucket="books", MaxKeys=1, **token)
            for entry in page.get("Versions", []) + page.get("DeleteMarkers", []):
                s3.delete_object(Bucket="books", Key=entry["Key"], VersionId=entry["VersionId"])
            pages += 1
            if not page["IsTruncated"] or pages > 20:
                break
            token = {"KeyMarker": page["NextKeyMarker"], "VersionIdMarker": page.get("NextVersionIdMarker", "")}
            token = {name: value for name, value in token.items() if value}
        tap.equal(status(s3.delete_bucket(Bucket="books")), 204, "emptied page by page, the bucket can go")


def conditions_on_writes(tap):
    with Server(tap) as server:
        s3 = s3_of(server)
        s3.create_bucket(Bucket="books")

        def put(**wanted):
            def add(request, **_):
                for name, value in wanted.items():
                    request.headers[name.replace("_", "-")] = value
            s3.meta.events.register("before-sign.s3.PutObject", add, unique_id="condition")
            try:
                return s3.put_object(Bucket="books", Key="k", Body=b"x")
            finally:
                s3.meta.events.unregister("before-sign.s3.PutObject", unique_id="condition")
        etag = put(If_None_Match="*")["ETag"]
        tap.refused("a second first one", "PreconditionFailed", put, If_None_Match="*", status=412)
        tap.refused("another ETag", "PreconditionFailed", put, If_Match='"0123"', status=412)
        tap.equal(status(put(If_Match=etag)), 200, "the right ETag")
        tap.refused("If-None-Match with an ETag", "NotImplemented", put, If_None_Match=etag, status=501)
        s3.delete_object(Bucket="books", Key="k")
        tap.refused("nothing to match", "NoSuchKey", put, If_Match=etag, status=404)


def copies(tap):
    with Server(tap) as server:
        s3 = s3_of(server)
        s3.create_bucket(Bucket="books")
        s3.create_bucket(Bucket="shelf")
        s3.put_object(Bucket="books", Key="a?b c", Body=b"text", ContentType="text/plain", Metadata={"k": "v"}, Tagging="team=red")
        source = {"Bucket": "books", "Key": "a?b c"}
        answer = s3.copy_object(Bucket="shelf", Key="copy", CopySource=source)
        tap.equal(answer["CopyObjectResult"]["ETag"], f'"{hashlib.md5(b"text").hexdigest()}"', "a copy has its source's ETag")
        got = s3.get_object(Bucket="shelf", Key="copy")
        tap.equal((body(got), got["ContentType"], got["Metadata"]), (b"text", "text/plain", {"k": "v"}), "bytes and metadata")
        tap.equal(s3.get_object_tagging(Bucket="shelf", Key="copy")["TagSet"], [{"Key": "team", "Value": "red"}], "and tags")
        s3.copy_object(Bucket="shelf", Key="other", CopySource=source, MetadataDirective="REPLACE", Metadata={"n": "1"},
                       ContentType="x/y", TaggingDirective="REPLACE", Tagging="a=b")
        got = s3.get_object(Bucket="shelf", Key="other")
        tap.equal((body(got), got["ContentType"], got["Metadata"]), (b"text", "x/y", {"n": "1"}), "or metadata of its own")
        tap.equal(s3.get_object_tagging(Bucket="shelf", Key="other")["TagSet"], [{"Key": "a", "Value": "b"}], "and tags of its own")
        s3.delete_object(**source)
        tap.equal(body(s3.get_object(Bucket="shelf", Key="copy")), b"text", "a copy outlives its source")
        itself = {"Bucket": "shelf", "Key": "copy"}
        tap.refused("a copy onto itself", "InvalidRequest", s3.copy_object, **itself, CopySource=itself, status=400)
        s3.copy_object(**itself, CopySource=itself, MetadataDirective="REPLACE", Metadata={"now": "changed"})
        got = s3.get_object(**itself)
        tap.equal((body(got), got["Metadata"]), (b"text", {"now": "changed"}), "unless something changes")
        tap.refused("no such source", "NoSuchKey", s3.copy_object, Bucket="shelf", Key="x", CopySource=source, status=404)
        tap.refused("no such bucket", "NoSuchBucket", s3.copy_object, Bucket="shelf", Key="x", CopySource="nowhere/x", status=404)
        tap.refused("another ETag", "PreconditionFailed", s3.copy_object, Bucket="shelf", Key="x", CopySource=itself,
                    CopySourceIfMatch='"0"', status=412)
        s3.put_bucket_versioning(Bucket="shelf", VersioningConfiguration={"Status": "Enabled"})
        marker = s3.delete_object(**itself)["VersionId"]
        tap.refused("a marker by name", "NoSuchKey", s3.copy_object, Bucket="books", Key="x", CopySource=itself)
        tap.refused("a marker by its id", "InvalidRequest", s3.copy_object, Bucket="books", Key="x",
                    CopySource={**itself, "VersionId": marker})
        answer = s3.copy_object(**itself, CopySource={**itself, "VersionId": "null"})
        tap.equal((answer["CopySourceVersionId"], len(answer["VersionId"])), ("null", 32), "an old version becomes the latest")
        reader = server.new_user("reader", policy("Allow", "s3:GetObject", "arn:aws:s3:::shelf/*"))
        writer = server.new_user("writer", policy("Allow", "s3:PutObject", "arn:aws:s3:::books/*"))
        for who in (reader, writer):
            tap.refused("half of the rights", "AccessDenied", s3_of(server, who).copy_object, Bucket="books", Key="x",
                        CopySource=itself, status=403)


def uploads_in_parts(tap):
    with Server(tap) as server:
        s3 = s3_of(server)
        s3.create_bucket(Bucket="books")
        place = {"Bucket": "books", "Key": "big"}
        upload = {**place, "UploadId": s3.create_multipart_upload(**place, ContentType="x/y", Metadata={"k": "v"})["UploadId"]}
        one, two = bytes(PART), b"tail"
        etags = {number: s3.upload_part(**upload, PartNumber=number, Body=part)["ETag"]
                 for number, part in ((1, one), (2, b"first try"), (2, two), (3, b"left out"))}
        listed = s3.list_parts(**upload)
        tap.equal([(part["PartNumber"], part["Size"]) for part in listed["Parts"]], [(1, PART), (2, 4), (3, 8)], "parts are listed")
        page = s3.list_parts(**upload, MaxParts=1, PartNumberMarker=1)
        tap.equal((page["Parts"][0]["PartNumber"], page["IsTruncated"], page["NextPartNumberMarker"]), (2, True, 2), "by pages")
        tap.equal([entry["Key"] for entry in s3.list_multipart_uploads(Bucket="books")["Uploads"]], ["big"], "the upload is listed")

        def complete(*numbers, **changed):
            parts = [{"PartNumber": number, "ETag": changed.get("etag", etags[number])} for number in numbers]
            return s3.complete_multipart_upload(**{**upload, **changed.get("upload", {})}, MultipartUpload={"Parts": parts})
        tap.refused("out of order", "InvalidPartOrder", complete, 2, 1, status=400)
        error = tap.refused("another ETag", "InvalidPart", complete, 1, etag='"0"', status=400)
        tap.equal(error and error.response["Error"].get("PartNumber"), "1", "which names the part")
        error = tap.refused("too small a part before the last", "EntityTooSmall", complete, 1, 2, 3, status=400)
        tap.equal(error and [error.response["Error"].get(name) for name in ("PartNumber", "ProposedSize", "MinSizeAllowed")],
                  ["2", "4", "5242880"], "which is named with its size")
        tap.refused("no parts", "MalformedXML", complete, status=400)
        tap.refused("another upload", "NoSuchUpload", complete, 1, upload={"UploadId": "x"}, status=404)
        answer = complete(1, 2)
        sums = hashlib.md5(hashlib.md5(one).digest() + hashlib.md5(two).digest()).hexdigest()
        tap.equal(answer["ETag"], f'"{sums}-2"', "the ETag is that of the parts' sums")
        tap.equal(complete(1, 2)["ETag"], answer["ETag"], "completing once more answers the same")
        got = s3.get_object(**place)
        tap.check(body(got) == one + two, "the object is its parts")
        tap.equal((got["ContentType"], got["Metadata"]), ("x/y", {"k": "v"}), "with what was said at the start")
        tap.equal(body(s3.get_object(**place, Range=f"bytes={PART - 1}-{PART + 1}")), b"\0ta", "a range over the seam")
        part = s3.get_object(**place, PartNumber=2)
        tap.equal((status(part), body(part), part["PartsCount"]), (206, two, 2), "a part by its number")
        copy = s3.copy_object(Bucket="books", Key="copy", CopySource=place)
        tap.equal(copy["CopyObjectResult"]["ETag"], f'"{hashlib.md5(one + two).hexdigest()}"', "a copy of parts has a plain ETag")
        s3.delete_object(**place)
        tap.check(body(s3.get_object(Bucket="books", Key="copy")) == one + two, "and outlives them")

        source = {"Bucket": "books", "Key": "copy"}
        upload = {**place, "UploadId": s3.create_multipart_upload(**place)["UploadId"]}
        ranged = {"CopySource": source, "CopySourceRange": f"bytes={PART - 2}-{PART + 1}"}
        parts = [s3.upload_part_copy(**upload, PartNumber=1, CopySource=source), s3.upload_part_copy(**upload, PartNumber=2, **ranged)]
        tap.equal(parts[1]["CopyPartResult"]["ETag"], f'"{hashlib.md5(bytes(2) + b"ta").hexdigest()}"', "a part is a range of an object")
        for name, bytes_range in (("a range beyond the end", f"bytes=0-{PART + 4}"), ("half a range", "bytes=5-"), ("no range", "0-4")):
            tap.refused(name, "InvalidArgument", s3.upload_part_copy, **upload, PartNumber=3, CopySource=source,
                        CopySourceRange=bytes_range, status=400)
        tap.refused("a source that is not there", "NoSuchKey", s3.upload_part_copy, **upload, PartNumber=3, CopySource="books/none")
        s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": [
            {"PartNumber": number + 1, "ETag": part["CopyPartResult"]["ETag"]} for number, part in enumerate(parts)]})
        tap.check(body(s3.get_object(**place)) == one + two + bytes(2) + b"ta", "the object is its copied parts")

        upload = {**place, "UploadId": s3.create_multipart_upload(**place)["UploadId"]}
        s3.upload_part(**upload, PartNumber=1, Body=b"x")
        tap.refused("part 10,001", "InvalidArgument", s3.upload_part, **upload, PartNumber=10001, Body=b"x", status=400)
        tap.equal(status(s3.abort_multipart_upload(**upload)), 204, "an upload is aborted")
        tap.refused("once", "NoSuchUpload", s3.abort_multipart_upload, **upload, status=404)
        tap.refused("and takes no part", "NoSuchUpload", s3.upload_part, **upload, PartNumber=1, Body=b"x", status=404)
        tap.check("Uploads" not in s3.list_multipart_uploads(Bucket="books"), "it is not listed")

        upload = {**place, "UploadId": s3.create_multipart_upload(**place, ChecksumAlgorithm="SHA256")["UploadId"]}
        parts = []
        for number, text in ((1, one), (2, two)):
            answer = s3.upload_part(**upload, PartNumber=number, Body=text, ChecksumAlgorithm="SHA256")
            parts.append({"PartNumber": number, "ETag": answer["ETag"], "ChecksumSHA256": answer["ChecksumSHA256"]})
        answer = s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
        total = hashlib.sha256(hashlib.sha256(one).digest() + hashlib.sha256(two).digest()).digest()
        tap.equal(answer["ChecksumSHA256"], base64.b64encode(total).decode() + "-2", "a checksum of the parts' checksums")

        with open(f"{server.home}/file", "wb") as file:
            file.write(bytes(12 * MEBIBYTE) + b"end")
        code, _, error = server.aws("s3api", "put-object", "--bucket", "books", "--key", "file", "--body", f"{server.home}/file")
        tap.equal((code, s3.head_object(Bucket="books", Key="file")["ContentLength"]), (0, 12 * MEBIBYTE + 3), "the CLI puts a file")
        s3.upload_file(f"{server.home}/file", "books", "many")
        s3.download_file("books", "many", f"{server.home}/back")
        with open(f"{server.home}/back", "rb") as back, open(f"{server.home}/file", "rb") as file:
            tap.check(back.read() == file.read(), "boto3's transfers go up and down in parts")
        tap.check(s3.head_object(Bucket="books", Key="many")["ETag"].endswith('-2"'), "as the ETag shows")
        done = subprocess.run(["/usr/bin/aws", "--endpoint-url", server.url, "s3", "mv", "s3://books/many", "s3://books/moved"],
                              capture_output=True, text=True, env=server.environment())
        tap.equal((done.returncode, s3.head_object(Bucket="books", Key="moved")["ContentLength"]), (0, 12 * MEBIBYTE + 3),
                  "the CLI moves it by copying parts")


def tags(tap):
    with Server(tap) as server:
        s3 = s3_of(server)
        s3.create_bucket(Bucket="books")
        place = {"Bucket": "books", "Key": "k"}
        tap.refused("nothing to tag", "NoSuchKey", s3.get_object_tagging, **place, status=404)
        s3.put_object(**place, Body=b"x", Tagging="a=1&b=2")
        tap.equal(s3.get_object(**place)["TagCount"], 2, "tags are counted")
        s3.put_object_tagging(**place, Tagging={"TagSet": [{"Key": "team", "Value": "blue/red"}]})
        tap.equal(s3.get_object_tagging(**place)["TagSet"], [{"Key": "team", "Value": "blue/red"}], "tags are replaced")
        blue = server.new_user("blue", policy("Allow", ["s3:GetObject", "s3:ListBucket"], Condition={
            "StringEqualsIfExists": {"s3:ExistingObjectTag/team": "blue/red"}}))
        tap.equal(body(s3_of(server, blue).get_object(**place)), b"x", "who may read objects with the tag")
        s3.put_object_tagging(**place, Tagging={"TagSet": [{"Key": "team", "Value": "green"}]})
        tap.refused("may not without it", "AccessDenied", s3_of(server, blue).get_object, **place, status=403)
        tap.refused("eleven tags", "BadRequest", s3.put_object_tagging, **place, status=400,
                    Tagging={"TagSet": [{"Key": f"k{number}", "Value": "v"} for number in range(11)]})
        tap.refused("a key twice", "InvalidTag", s3.put_object_tagging, **place, status=400,
                    Tagging={"TagSet": [{"Key": "k", "Value": "1"}, {"Key": "k", "Value": "2"}]})
        tap.equal(status(s3.delete_object_tagging(**place)), 204, "DeleteObjectTagging")
        tap.equal(s3.get_object_tagging(**place)["TagSet"], [], "leaves none")


def absence_is_told_to_those_who_may_list(tap):
    with Server(tap) as server:
        s3 = s3_of(server)
        s3.create_bucket(Bucket="books")
        reader = server.new_user("reader", policy("Allow", "s3:GetObject"))
        lister = server.new_user("lister", policy("Allow", ["s3:GetObject", "s3:ListBucket"]))
        tap.refused("who may not list", "AccessDenied", s3_of(server, reader).get_object, Bucket="books", Key="k", status=403)
        tap.refused("who may", "NoSuchKey", s3_of(server, lister).get_object, Bucket="books", Key="k", status=404)
        tap.refused("the same for HEAD", "403", s3_of(server, reader).head_object, Bucket="books", Key="k")
        tap.refused("and its other half", "404", s3_of(server, lister).head_object, Bucket="books", Key="k")


tap.run(listings_are_in_byte_order_and_fold, versions_and_markers, conditions_on_writes, copies, uploads_in_parts, tags,
        absence_is_told_to_those_who_may_list)
